package dev.belay.batch;

import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import dev.belay.postgres.Database;
import dev.belay.process.ShellWords;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A trigger that keeps two columns of a table true, whichever of them an application writes. Its
 * function is in the ledger's schema; whoever writes the table needs no right there, since a server
 * asks for one only when the trigger is made.
 */
public final class SyncColumns {
  private final SyncMark mark;
  private final String newType;
  private final String oldType;
  private final String newDefault;
  private final String oldDefault;

  private SyncColumns(SyncMark mark, SyncQueries.Column made, SyncQueries.Column old) {
    this.mark = mark;
    this.newType = made.type();
    this.oldType = old.type();
    this.newDefault = made.constant();
    this.oldDefault = old.constant();
  }

  /**
   * Looks at the columns as they are now.
   *
   * @throws Failure REFUSED when one is not there, is generated, or has a default that is no
   *     constant, so that nobody could tell whether an application wrote it
   */
  public static SyncColumns read(Database session, SyncMark mark) {
    return new SyncColumns(
        mark, column(session, mark, mark.newColumn()), column(session, mark, mark.oldColumn()));
  }

  private static SyncQueries.Column column(Database session, SyncMark mark, String name) {
    String hint = hint(mark);
    SyncQueries.Column column =
        SyncQueries.column(session, mark.table(), name)
            .orElseThrow(
                () ->
                    Failure.refused(
                        "belay:sync: %s has no column %s".formatted(mark.table().plain(), name),
                        hint));
    if (column.generated()) {
      throw Failure.refused(
          "belay:sync: the column %s of %s is generated".formatted(name, mark.table().plain()),
          hint);
    }
    if (!column.hasConstant()) {
      throw Failure.refused(
          "belay:sync: the default of the column %s of %s is no constant: %s"
              .formatted(name, mark.table().plain(), column.constant()),
          "keep both columns equal by a trigger of your own in place of belay:sync, or undo it at once with: belay rollback-migration");
    }
    return column;
  }

  /**
   * Makes it, in the transaction that is open, and writes it into the ledger.
   *
   * @param number of it within the run
   */
  public void install(Database session, long run, int number) {
    // Triggers fire in the order of their names: this one has to see what the others made.
    String trigger = "~belay_sync_" + run + "_" + number;
    String function = "sync_" + run + "_" + number;
    session.execute(
        "create function belay.%s() returns trigger language plpgsql set search_path = pg_catalog as%s"
            .formatted(new Identifier(function), " " + Identifier.literal(body())));
    // The condition is always true. It makes the trigger depend on both columns, so that nobody can
    // drop one of them and leave a trigger that lets every write fail.
    session.execute(
        "create trigger %s before insert or update on %s for each row when (%s) execute function belay.%s()"
            .formatted(
                new Identifier(trigger),
                mark.table(),
                "(new.%s is null) is not null and (new.%s is null) is not null"
                    .formatted(made(), old()),
                new Identifier(function)));
    SyncQueries.keep(session, run, mark, trigger, function);
    // A function is only read when it runs; this reads its expressions now.
    session.execute("explain " + disagreeing(1));
  }

  /** Takes away what a run installed, in the transaction that is open. */
  public static int remove(Database session, long run) {
    List<SyncQueries.Installed> installed = new ArrayList<>(SyncQueries.installed(session, run));
    for (SyncQueries.Installed each : installed) {
      if (SyncQueries.isThere(session, each)) {
        session.execute(
            "drop trigger if exists %s on %s"
                .formatted(new Identifier(each.trigger()), each.table()));
      }
      session.execute(
          "drop function if exists belay.%s()".formatted(new Identifier(each.function())));
    }
    SyncQueries.forget(session, run);
    return installed.size();
  }

  /** How many rows say different things in both columns; nothing is locked. */
  public long disagreeing(Database session) {
    return session.number(
        "select pg_catalog.count(*) from (%s) as rows".formatted(disagreeing(Long.MAX_VALUE)));
  }

  /**
   * How many values of the new column are not kept in the old one: they would not come back from
   * it, or its type cuts them off.
   */
  public long changedByReturn(Database session) {
    return session.number(
        "select pg_catalog.count(*) from %s where %s is distinct from %s or (%s is not distinct from %s and %s)"
            .formatted(
                mark.table(),
                made(),
                up(),
                old(),
                down(),
                cutOff(mark.down().orElse(made()), down())));
  }

  /**
   * How many values of the new column will not be kept in the old one, which need not be there yet.
   * To be called in a transaction.
   *
   * @param oldType of the old column, where it is not there yet and that is known
   * @throws Failure as the server says it, such as of an expression that no row may have
   */
  public static long notKept(Database session, SyncMark mark, Optional<String> oldType) {
    String hint = hint(mark);
    String newType =
        SyncQueries.column(session, mark.table(), mark.newColumn())
            .map(SyncQueries.Column::type)
            .orElseThrow(
                () ->
                    Failure.refused(
                        "belay:sync: %s has no column %s"
                            .formatted(mark.table().plain(), mark.newColumn()),
                        hint));
    Optional<String> type =
        SyncQueries.column(session, mark.table(), mark.oldColumn())
            .map(SyncQueries.Column::type)
            .or(() -> oldType);
    String made = new Identifier(mark.newColumn()).toString();
    String old = new Identifier(mark.oldColumn()).toString();
    String raw = "(" + mark.down().orElse(made) + ")";
    String down = type.map(each -> "cast(" + raw + " as " + each + ")").orElse(raw);
    String others =
        SyncQueries.columns(session, mark.table()).stream()
            .filter(column -> !column.equals(mark.oldColumn()))
            .map(column -> new Identifier(column) + ", ")
            .collect(Collectors.joining());
    // In the trigger functions are found like this, too.
    session.execute("set local search_path = pg_catalog");
    return session.number(
        "select count(*) from (select %s%s as %s, %s as \"belay cut off\" from %s) as belay_row where %s is distinct from cast((%s) as %s) or \"belay cut off\""
            .formatted(
                others,
                down,
                old,
                cutOff(raw, down),
                mark.table(),
                made,
                mark.up().orElse(old),
                newType));
  }

  /** A cast to a type of limited length cuts off what is too long, and says nothing. */
  private static String cutOff(String whole, String cast) {
    return "pg_catalog.rtrim(cast((%s) as pg_catalog.text)) <> pg_catalog.rtrim(cast(%s as pg_catalog.text)) and pg_catalog.pg_typeof(%s)::pg_catalog.oid in (1042, 1043)"
        .formatted(whole, cast, cast);
  }

  /** Which columns, for people. */
  public String words() {
    return "%s: %s and %s".formatted(mark.table().plain(), mark.newColumn(), mark.oldColumn());
  }

  private String disagreeing(long most) {
    return "select 1 from %s where %s is distinct from %s and %s is distinct from %s limit %d"
        .formatted(mark.table(), old(), down(), made(), up(), most);
  }

  private String made() {
    return new Identifier(mark.newColumn()).toString();
  }

  private String old() {
    return new Identifier(mark.oldColumn()).toString();
  }

  private String up() {
    return "cast((" + mark.up().orElse(old()) + ") as " + newType + ")";
  }

  private String down() {
    return "cast((" + mark.down().orElse(made()) + ") as " + oldType + ")";
  }

  private static String ofRow(String expression) {
    return "(select " + expression + " from (select new.*) as belay_row)";
  }

  private String body() {
    return """

        #variable_conflict use_column
        begin
          if tg_op = 'INSERT' then
            if new.%1$s is not distinct from %5$s and new.%2$s is distinct from %6$s then
              new.%1$s := %3$s;
            elsif new.%2$s is not distinct from %6$s and new.%1$s is distinct from %5$s then
              new.%2$s := %4$s;
            elsif new.%1$s is not distinct from %5$s and new.%2$s is not distinct from %6$s
                  and new.%1$s is distinct from %3$s and new.%2$s is distinct from %4$s then
              new.%1$s := %3$s;
            end if;
          elsif new.%2$s is distinct from old.%2$s then
            if new.%1$s is not distinct from old.%1$s then
              new.%1$s := %3$s;
            end if;
          elsif new.%1$s is distinct from old.%1$s then
            if new.%1$s is distinct from %3$s then
              new.%2$s := %4$s;
            end if;
          elsif new.%1$s is null and new.%2$s is not null then
            new.%1$s := %3$s;
          end if;
          return new;
        end
        """
        .formatted(old(), made(), ofRow(down()), ofRow(up()), oldDefault, newDefault);
  }

  private static String hint(SyncMark mark) {
    return "see the columns with: %s, and mend belay:sync"
        .formatted(ShellWords.psql("\\d " + mark.table()));
  }
}
