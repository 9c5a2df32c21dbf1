package dev.belay.hooks;

/** When a hook runs. */
enum HookEvent {
  /** After the plan was agreed to, and before anything is changed. */
  BEFORE("before"),
  /** After an operation that ended with exit status 0. */
  AFTER("after"),
  /** After any other end. */
  ON_FAILURE("onFailure");

  private final String word;

  HookEvent(String word) {
    this.word = word;
  }

  /** The key in the configuration. */
  String word() {
    return word;
  }
}
