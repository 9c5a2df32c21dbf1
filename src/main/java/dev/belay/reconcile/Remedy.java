package dev.belay.reconcile;

import dev.belay.core.Identifier;
import dev.belay.core.TableName;
import dev.belay.process.ShellWords;
import java.util.ArrayList;
import java.util.List;

/** The commands that a reconciliation points to, as they can be pasted. */
final class Remedy {
  private Remedy() {}

  /** What brings a table back that the target lacks. */
  static String ofMissingTable(ReconcileRequest request, Source source, TableName table) {
    boolean inBackup = source.base().map(base -> base.relations().containsKey(table)).orElse(true);
    if (inBackup) {
      String backup = source.base().map(Source.Base::name).orElse(source.name());
      return "belay "
          + ShellWords.join(List.of("backup-restore", backup, "--table", table.plain()));
    }
    Identifier database = new Identifier(source.name());
    String open = "alter database " + database + " allow_connections ";
    return "psql -d postgres -c %s && pg_dump -d %s -t %s > table.sql; psql -d postgres -c %s"
        .formatted(
            ShellWords.quote(open + "true"),
            ShellWords.quote(source.name()),
            ShellWords.quote(table.toString()),
            ShellWords.quote(open + "false"));
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
