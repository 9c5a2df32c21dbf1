package dev.belay.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Target;
import dev.belay.report.Json;
import dev.belay.support.Cli;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** One incident, from the backup of the day before to the command that ends it. */
final class Incident {
  private static final Pattern COMMAND = Pattern.compile("belay ([a-z-]+(?: [^`;,()\\n]+)?)");

  /** Commands that do something about it; others only look. */
  private static final Set<String> MENDING =
      Set.of(
          "create-backup",
          "backup-restore",
          "emergency-recovery",
          "emergency-rollback",
          "undo-restore",
          "rollback-migration",
          "gradual-rollback",
          "rollback-point",
          "import-data",
          "resolve-conflicts",
          "migrate",
          "guard");

  private final World world;
  private final Deed deed;
  private final Blow first;
  private final Random chance;
  private final String name;
  private final List<String> told = new ArrayList<>();

  /** What strikes the command that is to end it; empty: nothing, or it has struck. */
  private Optional<Fault> second;

  /** Whether the last command that was to end it took back what it was for. */
  private boolean takenBack;

  /** What the database held before the last command that was to end it. */
  private Content found;

  /**
   * Describes it.
   *
   * @param second what strikes the command that is to end it; empty: nothing
   */
  Incident(World world, Deed deed, Blow first, Optional<Fault> second, Random chance, long seed) {
    this.world = world;
    this.deed = deed;
    this.first = first;
    this.second = second;
    this.chance = chance;
    this.found = new Content(new TreeMap<>());
    this.name =
        "incident %d: %s as %s, %s%s"
            .formatted(
                seed, deed, world.role, first, second.map(fault -> ", then " + fault).orElse(""));
  }

  /**
   * Plays it and asks afterwards.
   *
   * @return whether the fault struck before Belay was done
   */
  boolean happen() throws InterruptedException {
    done(List.of("create-backup"));
    Content backup = world.content();
    deed.prepare(world, this::doneBySuperuser);
    world.work(chance);
    Content before = world.content();
    List<Content> ways = deed.ways(world, backup, before);
    world.pending.forEach(migration -> migration.write(world.folder));
    boolean items = !deed.takesRowsAway();
    Set<Long> committed;
    long changes;
    try (Writer writer = Writer.start(world.live, items)) {
      strike(before, ways);
      writer.close();
      committed = writer.committed();
      changes = writer.changes();
    }
    everyCommittedRowIsThere(committed, changes, items, done(before, ways));
    nothingIsLeft();
    if (Boolean.getBoolean("belay.chaos.tell")) {
      System.out.println(story());
    }
    return first.struck();
  }

  private void strike(Content before, List<Content> ways) throws InterruptedException {
    Cli.Result result = first.strike(world, deed.line(world));
    first.other().ifPresent(other -> tell("meanwhile " + deed, other));
    tell(first + (first.struck() ? "" : " (missed)") + ": " + deed, result);
    first.other().ifPresent(this::refusedOrFirst);
    world.awaitOrphans();
    Content done = done(before, ways);
    Content begun = first.foundByTheFirst().orElse(before);
    int status = result.status();
    if (status == 0) {
      same(done);
      theTrailSays(true, !done.equals(before));
    } else if (first.isWhyItEndedWith(status)) {
      afterASignal(before, ways);
    } else if (status == 20) {
      oneOf(before, ways);
      finish(result, before, ways);
    } else {
      assertThat(status).as(story()).isBetween(2, 19);
      assertThat(first.fault() != Fault.NONE || deed.cannotSucceed(world)).as(story()).isTrue();
      same(begun);
      theTrailSays(false, false);
      again(before, ways);
    }
    if (deed == Deed.BACKUP) {
      doneBySuperuser(List.of("validate-backup", "all", "--level", "restored"));
    }
  }

  /** It was kept out by the lock; or there first, where the other did not have the lock yet. */
  private void refusedOrFirst(Cli.Result other) {
    if (deed.isLockedAt(first.point())) {
      assertThat(other.status()).as(story() + "\ntwo at once").isIn(Blow.REFUSALS);
    } else {
      assertThat(other.status()).as(story()).isNotEqualTo(1);
    }
  }

  private static Content done(Content before, List<Content> ways) {
    return ways.isEmpty() ? before : ways.get(ways.size() - 1);
  }

  /** Looks as an operator would, and does what is said; else does again what was meant. */
  private void afterASignal(Content before, List<Content> ways) throws InterruptedException {
    Content done = done(before, ways);
    Optional<List<String>> said = saidAfter(first, before, ways);
    if (said.isPresent()) {
      Cli.Result mended = ending(said.get(), before, ways);
      assertThat(mended.status()).as(story()).isIn(0, 10);
      oneOf(before, ways);
    }
    if (!world.content().equals(done) || deed == Deed.BACKUP) {
      again(before, ways);
    }
  }

  /** What is said to be done after a signal, which is asked for; empty: nothing of its own. */
  private Optional<List<String>> saidAfter(Blow blow, Content before, List<Content> ways) {
    JsonNode unfinished = unfinished();
    boolean open = unfinished.path("status").asString().equals("failed");
    if (world.isClosed()) {
      // Only a kill in the few milliseconds of a swap may leave it so, until the next command.
      assertThat(open && blow.fault() == Fault.KILLED).as(story() + "\nit is closed").isTrue();
    } else {
      oneOf(before, ways);
      if (blow.fault() == Fault.KILLED) {
        Content now = world.content();
        assertThat(open || now.equals(before) || now.equals(done(before, ways)))
            .as(story() + "\nnobody says that it was killed half way")
            .isTrue();
      }
    }
    return mending(text(unfinished)).map(command -> Deed.belay(words(command)));
  }

  private static String text(JsonNode check) {
    StringBuilder text = new StringBuilder();
    check.path("findings").forEach(line -> text.append(line.asString()).append('\n'));
    return text.append(check.path("fix").asString("")).toString();
  }

  /** What is said of runs that did not come to their end. */
  private JsonNode unfinished() {
    Cli.Result state = run(List.of("verify-state", "--output", "json"));
    for (JsonNode check : Json.MAPPER.readTree(state.out()).findPath("details")) {
      if (check.path("name").asString().equals("unfinished-runs")) {
        return check;
      }
    }
    throw new AssertionError(story() + "\nno check of unfinished runs");
  }

  /** The first command in it that does something. */
  private static Optional<String> mending(String text) {
    return COMMAND
        .matcher(text)
        .results()
        .map(found -> found.group(1).strip())
        .filter(found -> MENDING.contains(found.split(" ", 2)[0]))
        .findFirst();
  }

  /** The same command does it now, unless it cannot be done at all. */
  private void again(Content before, List<Content> ways) throws InterruptedException {
    Content done = done(before, ways);
    Cli.Result again = ending(deed.line(world), before, ways);
    if (again.status() == 0 && takenBack) {
      assertThat(world.content()).as(story()).isIn(before, done);
    } else if (again.status() == 0) {
      same(done);
    } else if (again.status() == 20) {
      finish(again, before, ways);
    } else {
      assertThat(again.status()).as(story()).isBetween(2, 19);
      same(found);
      assertThat(deed.cannotSucceed(world) || found.equals(done)).as(story()).isTrue();
      assertThat(found).as(story()).isIn(before, done);
    }
  }

  /** The command that the failure names finishes it, or takes it back. */
  private void finish(Cli.Result failed, Content before, List<Content> ways)
      throws InterruptedException {
    Content done = done(before, ways);
    Optional<List<String>> command = named(failed);
    if (command.isEmpty() && deed.keepsNoCopy() && world.content().equals(done)) {
      // What was written since is what differs; the same again would take that away.
      return;
    }
    if (command.isEmpty()) {
      // It says where to look; then the same command is what goes on.
      Cli.Result again = ending(deed.line(world), before, ways);
      assertThat(again.status() == 0 || found.equals(done) || deed.cannotSucceed(world))
          .as(story() + "\na command in: " + hint(failed))
          .isTrue();
    } else {
      assertThat(permitted(command.get(), ending(command.get(), before, ways)).status())
          .as(story())
          .isZero();
    }
    assertThat(world.content()).as(story()).isIn(before, done);
  }

  /** Who may not make databases is given that right, as the refusal says, and does it then. */
  private Cli.Result permitted(List<String> line, Cli.Result result) {
    if (result.status() != 11 || !result.err().contains("may not create databases")) {
      return result;
    }
    assertThat(result.err()).as(story()).contains("--command 'alter role");
    world.mayCreateDatabases(true);
    try {
      return run(line, String.join(" ", line));
    } finally {
      world.mayCreateDatabases(false);
    }
  }

  /** The command that a failure names; empty: it names none that does something. */
  private Optional<List<String>> named(Cli.Result failed) {
    assertThat(hint(failed)).as(story()).contains("belay ");
    return mending(hint(failed)).map(command -> Deed.belay(words(command)));
  }

  /** An error has its hint last; a report names its ways. */
  private static String hint(Cli.Result failed) {
    return failed
        .err()
        .lines()
        .filter(line -> line.startsWith("hint: "))
        .reduce((one, two) -> two)
        .orElse(failed.out().isEmpty() ? failed.err() : failed.out());
  }

  /**
   * Runs what is to end it. When that is struck too, what is said then is done.
   *
   * @return what the last command came to
   */
  private Cli.Result ending(List<String> line, Content before, List<Content> ways)
      throws InterruptedException {
    found = world.content();
    takenBack = false;
    if (second.isEmpty()) {
      return run(line, String.join(" ", line));
    }
    Blow blow = Blow.of(chance, second.get(), Deed.pointsOf(line), first.held());
    second = Optional.empty();
    Cli.Result result = blow.strike(world, line);
    blow.other().ifPresent(other -> tell("meanwhile " + String.join(" ", line), other));
    tell(blow + (blow.struck() ? "" : " (missed)") + ": " + String.join(" ", line), result);
    world.awaitOrphans();
    if (!blow.struck() || result.status() == 0) {
      return result;
    }
    Content whole = blow.foundByTheFirst().orElse(found);
    Optional<List<String>> said = Optional.empty();
    boolean signalled = blow.isWhyItEndedWith(result.status());
    if (signalled) {
      said = saidAfter(blow, before, ways);
    } else if (result.status() == 20) {
      oneOf(before, ways);
      said = named(result);
    } else {
      assertThat(result.status()).as(story()).isBetween(2, 19);
      same(whole);
    }
    if (said.isPresent() && said.get().contains("emergency-recovery")) {
      // It puts right what was left, and the operator does then what was meant.
      assertThat(run(said.get(), String.join(" ", said.get())).status()).as(story()).isIn(0, 10);
      said = Optional.empty();
    }
    found = world.content();
    if (signalled
        && said.isEmpty()
        && line.equals(deed.line(world))
        && found.equals(done(before, ways))) {
      // Who looks sees that it is done.
      return new Cli.Result(0, result.out(), result.err());
    }
    takenBack = said.isPresent();
    List<String> next = said.orElse(line);
    return permitted(next, run(next, String.join(" ", next)));
  }

  private static List<String> words(String command) {
    List<String> words = new ArrayList<>(List.of(command.strip().split("\\s+")));
    if (!words.contains("--yes") && !words.get(0).equals("create-backup")) {
      words.add("--yes");
    }
    if (words.contains("--expect-writes")) {
      // Where nobody is asked, it has to be said; reconcile-data brings them over.
      words.add("--leave-writes");
    }
    return words;
  }

  private void same(Content expected) {
    assertThat(world.content().differences(expected)).as(story()).isEmpty();
  }

  private void oneOf(Content before, List<Content> ways) {
    Content now = world.content();
    if (deed == Deed.GRADUAL && world.halfDone() == 0) {
      // Some batches may be done, and a trigger keeps both forms alike until it goes on from there.
      now = now.without("rows shop.item").without("trigger ");
      Content begun = now;
      assertThat(
              now.equals(before.without("rows shop.item").without("trigger "))
                  || ways.stream()
                      .anyMatch(
                          way -> way.without("rows shop.item").without("trigger ").equals(begun)))
          .as(story() + "\nbefore: " + now.differences(before))
          .isTrue();
      return;
    }
    assertThat(now.equals(before) || ways.contains(now))
        .as(story() + "\nbefore: " + now.differences(before))
        .isTrue();
  }

  /**
   * What is on record about the operation agrees with what happened.
   *
   * @param begun whether it got as far as to be on record
   */
  private void theTrailSays(boolean begun, boolean changed) {
    Cli.Result audit = run(List.of("audit", "--limit", "50", "--output", "json"));
    List<JsonNode> operations = new ArrayList<>();
    Json.MAPPER.readTree(audit.out()).findPath("operations").forEach(operations::add);
    Optional<JsonNode> last =
        operations.stream()
            .filter(each -> each.path("command").asString().startsWith(deed.onRecord()))
            .filter(each -> !begun || !isOfAnother(each))
            .reduce((older, newer) -> newer);
    assertThat(last.isPresent() || !begun).as(story() + "\nnothing is on record").isTrue();
    if (begun) {
      assertThat(last.orElseThrow().path("databaseChanged").asBoolean() || !changed)
          .as(story() + "\n" + last)
          .isTrue();
    } else if (last.isPresent() && last.get().path("exitStatus").asInt() != 0) {
      assertThat(last.get().path("databaseChanged").asBoolean())
          .as(story() + "\n" + last)
          .isFalse();
    }
  }

  /** Whether it was kept out by the one that it met. */
  private boolean isOfAnother(JsonNode operation) {
    return first.other().isPresent()
        && Blow.REFUSALS.contains(operation.path("exitStatus").asInt());
  }

  /** In the live database, or in one that was put aside and named. */
  private void everyCommittedRowIsThere(
      Set<Long> committed, long changes, boolean items, Content done) {
    assertThat(committed).as(story()).isNotEmpty();
    Set<Long> missing = new HashSet<>(committed);
    missing.removeAll(world.written(world.live, items));
    long last = items ? world.changes(world.live) : changes;
    if (deed.keepsNoCopy() && !missing.isEmpty()) {
      onlyWhatWasSaidIsGone(committed, missing, done);
      return;
    }
    assertThat(world.openReplaced()).as(story() + "\nopen to whoever comes").isEmpty();
    for (Target replaced : world.replaced()) {
      world.openReplaced(replaced);
      if (missing.removeAll(world.written(replaced, items)) || last < changes) {
        assertThat(String.join("\n", told))
            .as(story() + "\nnobody names " + replaced.database())
            .contains(replaced.database());
      }
      last = Math.max(last, items ? world.changes(replaced) : changes);
    }
    assertThat(missing).as(story()).isEmpty();
    assertThat(last).as(story() + "\nthe last change of a row").isGreaterThanOrEqualTo(changes);
  }

  /** What was written until the restore, which said so; and nothing that was written after it. */
  private void onlyWhatWasSaidIsGone(Set<Long> committed, Set<Long> missing, Content done) {
    assertThat(String.join("\n", told)).as(story()).contains("no copy of it is kept");
    same(done);
    Set<Long> kept = new HashSet<>(committed);
    kept.removeAll(missing);
    assertThat(Collections.max(missing))
        .as(story() + "\nwhat was written after the restore is gone")
        .isLessThan(kept.stream().min(Long::compare).orElse(Long.MAX_VALUE));
  }

  /** Whoever comes next finds nothing open, and the application can go on. */
  private void nothingIsLeft() {
    assertThat(world.left()).as(story()).isEmpty();
    JsonNode unfinished = unfinished();
    // By another address it is another database, whose dead runs only a run by that address ends.
    assertThat(
            unfinished.path("status").asString().equals("passed")
                || (first.fault().isOfTheNetwork()
                    && !text(unfinished).contains(world.live.toString())))
        .as(story())
        .isTrue();
    done(List.of("audit", "--verify"));
    done(List.of("report", "latest"));
    World.TABLES.forEach(
        table -> world.sql("insert into " + table + " (name, price) values ('last', 1)"));
  }

  private void doneBySuperuser(List<String> arguments) {
    Cli.Result result = world.ofSuperuser().run(arguments.toArray(String[]::new));
    tell("belay " + String.join(" ", arguments), result);
    assertThat(result.status()).as(story()).isZero();
  }

  private void done(List<String> arguments) {
    assertThat(run(arguments).status()).as(story()).isZero();
  }

  private Cli.Result run(List<String> arguments) {
    return run(Deed.belay(arguments), "belay " + String.join(" ", arguments));
  }

  private Cli.Result run(List<String> line, String words) {
    Cli.Result result = Script.run(world, line);
    tell(words, result);
    return result;
  }

  private void tell(String words, Cli.Result result) {
    told.add("$ %s  (%d)%n%s%s".formatted(words, result.status(), result.out(), result.err()));
  }

  private String story() {
    return name + "\n" + String.join("\n", told);
  }
}
