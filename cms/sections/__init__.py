"""Sections (栏目): the tree that gives navigation, addresses, review steps and update targets."""
