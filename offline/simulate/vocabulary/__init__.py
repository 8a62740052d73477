"""The words of the demo shop, a module for each department."""
