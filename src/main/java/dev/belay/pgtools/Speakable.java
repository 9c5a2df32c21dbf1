package dev.belay.pgtools;

import dev.belay.core.Failure;
import dev.belay.process.ProcessCall;
import java.nio.charset.Charset;
import java.util.Map;

/**
 * Whether a name can be given to a program at all. In the locale C, which cron and many containers
 * have, Java would hand over a question mark for every letter that is not ASCII, and the program
 * would look for another database.
 */
final class Speakable {
  private Speakable() {}

  /**
   * Proves it for every argument and variable of the call.
   *
   * @throws Failure UNAVAILABLE when the locale has no bytes for one of them
   */
  static ProcessCall check(ProcessCall call) {
    Charset charset = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    for (String argument : call.command()) {
      if (!charset.newEncoder().canEncode(argument)) {
        throw cannot("the argument " + argument, charset);
      }
    }
    for (Map.Entry<String, String> variable : call.environment().entrySet()) {
      if (!charset.newEncoder().canEncode(variable.getValue())) {
        boolean secret = variable.getKey().equals("PGPASSWORD");
        throw cannot(
            secret ? "the password" : variable.getKey() + "=" + variable.getValue(), charset);
      }
    }
    return call;
  }

  private static Failure cannot(String what, Charset charset) {
    return Failure.unavailable(
        what + " cannot be given to a program in this locale, whose encoding is " + charset,
        "export LC_ALL=C.UTF-8, then run it again");
  }
}
