package dev.belay.emergency;

import dev.belay.config.Masking;
import dev.belay.core.Target;
import java.util.ArrayList;
import java.util.List;

/**
 * The options that a printed command needs to be about the same database as this run, without
 * secrets: those come again from where they belong, such as a password file.
 */
final class SameDatabase {
  private static final String URL = "--url";

  private SameDatabase() {}

  /**
   * The words.
   *
   * @param common options of this run, each followed by its value
   */
  static List<String> options(List<String> common, Target target) {
    List<String> again = new ArrayList<>();
    for (int at = 0; at + 1 < common.size(); at += 2) {
      String option = common.get(at);
      String value = common.get(at + 1);
      boolean secret = !Masking.words(List.of(option, value)).equals(List.of(option, value));
      if (option.equals("--log-file") || (secret && !option.equals(URL))) {
        continue;
      }
      again.add(option);
      again.add(secret ? connection(target) : value);
    }
    return again;
  }

  /** How psql reaches it, in libpq's form, which needs no encoding. */
  static String connection(Target target) {
    StringBuilder words =
        new StringBuilder(
            "host=%s port=%d user=%s dbname=%s sslmode=%s"
                .formatted(
                    quoted(target.host()),
                    target.port(),
                    quoted(target.user()),
                    quoted(target.database()),
                    target.tls().mode()));
    target.tls().rootCertificate().ifPresent(file -> words.append(" sslrootcert=" + quoted(file)));
    target.tls().certificate().ifPresent(file -> words.append(" sslcert=" + quoted(file)));
    target.tls().key().ifPresent(file -> words.append(" sslkey=" + quoted(file)));
    return words.toString();
  }

  private static String quoted(String value) {
    return value.matches("[\\w.:/-]+")
        ? value
        : "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
