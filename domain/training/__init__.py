"""Training 培训: sessions with who attended, and the legal helpers 法律明白人 of the villages."""
