package dev.belay.cli;

import dev.belay.config.Flags;
import dev.belay.report.Format;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command. */
public final class CommonOptions {
  @Option(
      names = {"-d", "--url"},
      paramLabel = "<url>",
      description =
          "The database: postgresql://user@host:port/name, a JDBC URL, libpq's key=value form or a name.")
  private @Nullable String url;

  @Option(
      names = "--config",
      paramLabel = "<file>",
      description = "Configuration file (default: belay.yaml in the working directory).")
  private @Nullable String config;

  @Option(
      names = "--set",
      paramLabel = "<name=value>",
      description = "Any setting that 'belay config' lists; repeatable.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = "--output",
      paramLabel = "<format>",
      completionCandidates = UsualFormats.class,
      description = "Form of the answer: ${COMPLETION-CANDIDATES} (default: text).")
  private Format output = Format.text;

  @Option(
      names = {"-v", "--verbose"},
      description = "Show details on the way.")
  private boolean verbose;

  @Option(
      names = "--log-file",
      paramLabel = "<file>",
      description = "Where everything is logged (default: belay.log).")
  private @Nullable String logFile;

  /** The forms that every command has. */
  static final class UsualFormats implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return List.of(Format.text.name(), Format.json.name()).iterator();
    }
  }

  /** The form of the answer. */
  public Format format() {
    return output;
  }

  /** Whether details are shown. */
  public boolean verbose() {
    return verbose;
  }

  /** The same for another command of this program, which is to be configured alike. */
  List<String> arguments() {
    List<String> words = new ArrayList<>();
    settings.forEach((name, value) -> words.addAll(List.of("--set", name + "=" + value)));
    if (url != null) {
      words.addAll(List.of("--url", url));
    }
    if (config != null) {
      words.addAll(List.of("--config", config));
    }
    if (logFile != null) {
      words.addAll(List.of("--log-file", logFile));
    }
    return words;
  }

  /** What these options say about the configuration. */
  public Flags flags() {
    Map<String, String> all = new LinkedHashMap<>(settings);
    if (logFile != null) {
      all.put("log-file", logFile);
    }
    return new Flags(Optional.ofNullable(url), Optional.ofNullable(config), all);
  }
}
