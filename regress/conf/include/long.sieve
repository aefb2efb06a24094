# from a file of its own
keep;
