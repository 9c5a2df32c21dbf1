package dev.belay.schema;

import dev.belay.catalogue.NamePattern;
import dev.belay.cli.JarsOption;
import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.Failure;
import dev.belay.report.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code belay validate-schema [app]}: exit 0 when the schema is as expected, 10 when not. */
@Command(
    name = "validate-schema",
    description =
        "Compare the live schema with the one that replaying the applied migrations gives.",
    footer = {
      "",
      "Exit status 0: the schema is what the migrations give; 10: it is not.",
      "",
      "A pattern is schema.object or kind:schema.object, with * and ?. What it says of",
      "a table it says of its columns, constraints and indexes too.",
      "",
      "Examples:",
      "  belay validate-schema",
      "  belay validate-schema medications --sql align.sql",
      "  belay validate-schema --ignore 'index:app.*' --no-owner --output json"
    })
public final class ValidateSchemaCommand extends ReportCommand {
  @Parameters(arity = "0..1", paramLabel = "<app>", description = "Only this app (default: all).")
  private @Nullable String app;

  @Option(names = "--app", paramLabel = "<app>", description = "The same as an option.")
  private @Nullable String appOption;

  @Option(
      names = "--ignore",
      paramLabel = "<pattern>",
      description = "Pass over what matches; repeatable, beside apps.<app>.ignore.")
  private List<String> ignored = new ArrayList<>();

  @Option(
      names = "--sql",
      paramLabel = "<file>",
      description = "Write the SQL that would align the schema; - for the answer. It is not run.")
  private @Nullable String sql;

  @Option(names = "--no-owner", description = "Pass over who owns what.")
  private boolean noOwner;

  @Option(names = "--no-privileges", description = "Pass over grants and default privileges.")
  private boolean noPrivileges;

  @Option(names = "--comments", description = "Compare comments and security labels too.")
  private boolean comments;

  @Option(
      names = "--strict",
      description =
          "Compare also names that PostgreSQL made, extension versions and blanks at line ends.")
  private boolean strict;

  @Mixin private JarsOption jars = new JarsOption();

  private final ValidateSchema validateSchema;

  public ValidateSchemaCommand(
      Surroundings surroundings, Terminal terminal, ValidateSchema validateSchema) {
    super(surroundings, terminal);
    this.validateSchema = validateSchema;
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    boolean inAnswer = "-".equals(sql);
    return validateSchema.run(
        settings,
        new SchemaRequest(
            app(),
            !noOwner,
            !noPrivileges,
            comments,
            strict,
            ignored.stream().map(NamePattern::of).toList(),
            jars.jars(surroundings()),
            inAnswer,
            inAnswer
                ? Optional.empty()
                : Optional.ofNullable(sql).map(surroundings().directory()::resolve)),
        progress);
  }

  private Optional<String> app() {
    if (app != null && appOption != null && !app.equals(appOption)) {
      throw Failure.usage(
          "two apps are named: '%s' and '%s'".formatted(app, appOption), "name one of them");
    }
    return Optional.ofNullable(app != null ? app : appOption);
  }
}
