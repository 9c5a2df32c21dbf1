package dev.belay.guard;

import dev.belay.core.Failure;
import dev.belay.process.ProgramSearch;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Map;
import java.util.Optional;

/** Where the program is started that runs here. */
final class OwnLauncher {
  private OwnLauncher() {}

  /**
   * Its start script: beside the jar that this class is from, else along {@code PATH}.
   *
   * @throws Failure UNAVAILABLE when it is not found
   */
  static Path find(Map<String, String> environment, Path directory) {
    Optional<Path> beside = besideJar();
    if (beside.isPresent()) {
      return beside.get();
    }
    try {
      return ProgramSearch.find("belay", environment, directory).toAbsolutePath().normalize();
    } catch (Failure missing) {
      throw Failure.unavailable(
          "where belay is installed is not known: " + missing.message(),
          "name it with --belay /opt/belay/bin/belay");
    }
  }

  private static Optional<Path> besideJar() {
    CodeSource source = OwnLauncher.class.getProtectionDomain().getCodeSource();
    if (source == null) {
      return Optional.empty();
    }
    try {
      Path jar = Path.of(source.getLocation().toURI());
      Path lib = jar.getParent();
      Path launcher = lib == null ? jar : lib.resolveSibling("bin").resolve("belay");
      return Files.isExecutable(launcher) && Files.isRegularFile(jar)
          ? Optional.of(launcher)
          : Optional.empty();
    } catch (URISyntaxException | IllegalArgumentException notFile) {
      return Optional.empty();
    }
  }
}
