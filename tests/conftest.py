"""What only our own tests need; the fixtures for everybody are in cms.testing.plugin."""

pytest_plugins = ["cms.testing.plugin"]
