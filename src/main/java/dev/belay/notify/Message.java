package dev.belay.notify;

/**
 * What one channel is to send.
 *
 * @param subject one line without line ends or other control characters
 * @param text no longer than the channel takes
 * @param whole whether the text is the whole body, as JSON, and not only the words in it
 * @param event without secrets, with as many details as the channel wants
 */
record Message(String subject, String text, boolean whole, Event event) {}
