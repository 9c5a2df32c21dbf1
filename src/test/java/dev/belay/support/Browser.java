package dev.belay.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A real browser without a window, for pages that are files. A machine without one skips its tests
 * and says so.
 */
public final class Browser {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");

  /** How a page is looked at. */
  public enum Light {
    BRIGHT,
    DARK
  }

  private final Path program;
  private final Path profile;

  private Browser(Path program, Path profile) {
    this.program = program;
    this.profile = profile;
  }

  /**
   * The browser of this machine.
   *
   * @param folder for its profile
   */
  public static Browser find(Path folder) {
    Optional<Path> found =
        NAMES.stream()
            .flatMap(
                name ->
                    Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .map(place -> Path.of(place, name)))
            .filter(Files::isExecutable)
            .findFirst();
    assumeTrue(found.isPresent(), "a browser is missing: apt-get install chromium");
    return new Browser(found.get(), folder.resolve("profile"));
  }

  /** The page as the browser understood it, after everything in it has run. */
  public String dom(Path page) {
    return run(List.of("--dump-dom"), page).out();
  }

  /** What the page, or the browser about the page, has written to the console. */
  public List<String> console(Path page) {
    return run(List.of("--dump-dom", "--enable-logging=stderr", "--v=0"), page)
        .err()
        .lines()
        .filter(line -> line.contains("CONSOLE"))
        .toList();
  }

  /** A picture of what is seen of it in a window of that size, in points. */
  public Path picture(Path page, Path into, int width, int height, Light light) {
    run(
        List.of(
            "--screenshot=" + into.toAbsolutePath(),
            "--window-size=" + width + "," + height,
            "--hide-scrollbars",
            "--blink-settings=preferredColorScheme=" + (light == Light.DARK ? 0 : 1)),
        page);
    return into;
  }

  /** The page as it is printed. */
  public Path print(Path page, Path into) {
    run(List.of("--no-pdf-header-footer", "--print-to-pdf=" + into.toAbsolutePath()), page);
    return into;
  }

  private Programs.Result run(List<String> what, Path page) {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(
        List.of(
            "--headless",
            // As root, in a container, it has no sandbox; the pages are the tests' own.
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--no-first-run",
            "--user-data-dir=" + profile));
    command.addAll(what);
    command.add(page.toUri().toString());
    try {
      Files.createDirectories(profile);
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
    Programs.Result result = Programs.run(Map.of(), Set.of(), command.toArray(String[]::new));
    if (result.status() != 0) {
      throw new AssertionError(command + " ended with " + result);
    }
    return result;
  }
}
