package dev.belay.pgtools;

import java.nio.file.Files;
import java.nio.file.Path;

/** How PostgreSQL's client programs are installed on this machine. */
final class InstallHint {
  private InstallHint() {}

  /** The command for that major version; Debian's where nothing else is known. */
  static String command(int major) {
    if (!Files.exists(Path.of("/usr/bin/apt-get"))) {
      if (Files.exists(Path.of("/usr/bin/dnf"))) {
        return "dnf install postgresql" + major;
      }
      if (Files.exists(Path.of("/sbin/apk"))) {
        return "apk add postgresql" + major + "-client";
      }
      if (Files.exists(Path.of("/opt/homebrew/bin/brew"))) {
        return "brew install postgresql@" + major;
      }
    }
    return "apt-get install postgresql-client-" + major;
  }
}
