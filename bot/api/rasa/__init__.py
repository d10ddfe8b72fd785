"""The channels that existing Rasa clients use: REST webhook and Socket.IO."""
