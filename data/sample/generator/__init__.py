"""The maker of the sample: planted truths, draws from them, and the files that show them."""
