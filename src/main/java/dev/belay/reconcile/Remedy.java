package dev.belay.reconcile;

import dev.belay.cli.PsqlAddress;
import dev.belay.core.Identifier;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.process.ShellWords;
import java.util.ArrayList;
import java.util.List;

/** The commands that a reconciliation points to, as they can be pasted. */
final class Remedy {
  private Remedy() {}

  /** What brings a table back that the target lacks. */
  static String ofMissingTable(Target target, Source source, TableName table) {
    boolean inBackup = source.base().map(base -> base.relations().containsKey(table)).orElse(true);
    if (inBackup) {
      String backup = source.base().map(Source.Base::name).orElse(source.name());
      return "belay "
          + ShellWords.join(List.of("backup-restore", backup, "--table", table.plain()));
    }
    return ofReplaced(target, source.name(), table);
  }

  /** The same of a replaced database, which has to be opened for it. */
  static String ofReplaced(Target target, String replaced, TableName table) {
    String open = "alter database " + new Identifier(replaced) + " allow_connections ";
    // A connection, since of a name that reads like one pg_dump would make another database.
    return "%s && pg_dump -d %s -t %s > table.sql; %s"
        .formatted(
            ShellWords.psql(open + "true"),
            ShellWords.quote(PsqlAddress.connection(target.withDatabase(replaced))),
            ShellWords.quote(table.toString()),
            ShellWords.psql(open + "false"));
  }

  /**
   * The same reconciliation with other options.
   *
   * @param more such as {@code --policy three-way}
   */
  static String again(ReconcileRequest request, String backup, String from, String... more) {
    List<String> words = new ArrayList<>(List.of("reconcile-data", backup));
    if (!from.equals(ReconcileRequest.FROM_BACKUP)) {
      words.addAll(List.of("--from", from));
    }
    request.tables().forEach(table -> words.addAll(List.of("--table", table.toString())));
    words.addAll(List.of(more));
    return "belay " + ShellWords.join(words);
  }
}
