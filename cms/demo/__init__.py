"""The demo site: 衡山县民政局 in 2016, built from the files in ``data`` through the same doors as everybody's data."""
