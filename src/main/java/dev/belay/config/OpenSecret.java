package dev.belay.config;

import dev.belay.core.Failure;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Watches for secrets that stand in a file itself while others may read that file. */
final class OpenSecret {
  /** Stands for the value of a variable; digits, so that it can be a port too. */
  private static final String STAND_IN = "7777";

  private final Path file;
  private final Places places;
  private @Nullable String place;

  OpenSecret(Path file, Places places) {
    this.file = file;
    this.places = places;
  }

  /** Looks at one value as it is written, before variables are put in; the first secret counts. */
  void note(String name, String raw, String where) {
    if (place != null || raw.isBlank()) {
      return;
    }
    String text = withStandIn(raw, where);
    boolean literal = false;
    if (name.equals("url")) {
      literal = holdsPassword(text);
    } else if (Masking.soundsSecret(name) && !name.equals("passwordFile")) {
      literal = !text.replace(STAND_IN, "").isBlank();
    }
    place = literal ? where : null;
  }

  /**
   * Refuses the file when it has a secret and is open.
   *
   * @throws Failure USAGE
   */
  void refuse() {
    if (place != null && Places.isOpenToOthers(file)) {
      throw Failure.usage(
          place
              + " holds a password, and others may read the file (mode "
              + Places.mode(file)
              + ")",
          "chmod 600 " + places.show(file));
    }
  }

  private static String withStandIn(String raw, String where) {
    try {
      return Interpolation.withStandIn(raw, STAND_IN, where);
    } catch (Failure notVariable) {
      // Text of a reserved map, such as a command, may have braces of its own.
      return raw;
    }
  }

  private static boolean holdsPassword(String url) {
    try {
      String password = ConnectionText.parse(url, "url").text(ConnectionPart.PASSWORD, "");
      return !password.replace(STAND_IN, "").isEmpty();
    } catch (Failure malformed) {
      return url.indexOf('@') >= 0 && url.indexOf(':') >= 0;
    }
  }
}
