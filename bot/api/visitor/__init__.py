"""The visitor's doors: the widget's API, and the REST and Socket.IO doors that existing Rasa clients use."""
