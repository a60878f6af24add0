"""The provider's doors, who may knock, and how a text is taken in."""
