package dev.belay.notify;

/** One way to people: it puts a message into the form of the other side and sends it. */
interface Channel {
  /**
   * Sends it.
   *
   * @return what should be known though it was delivered; empty: nothing
   * @throws Undelivered when it was not, in words
   */
  String send(Message message, Effort effort);

  /** Where messages go, without secrets, such as {@code hooks.slack.com}. */
  String place();

  /** How what is put into a template is written so that it means only itself. */
  default String escaped(String value) {
    return value;
  }
}
