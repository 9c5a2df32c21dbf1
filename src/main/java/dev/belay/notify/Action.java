package dev.belay.notify;

/** What an event does to the incident that it belongs to. */
enum Action {
  /** It belongs to none, or leaves it as it is. */
  TELL,
  /** It begins an incident, or makes an open one worse. */
  TRIGGER,
  /** It ends the incident. */
  RESOLVE
}
