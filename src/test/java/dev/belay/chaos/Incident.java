package dev.belay.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Target;
import dev.belay.report.Json;
import dev.belay.support.Cli;
import dev.belay.support.Program;
import dev.belay.support.Proxy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
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
  private final Fault fault;
  private final Moment moment;
  private final Random chance;
  private final int slackKilobytes;
  private final String name;
  private final List<String> told = new ArrayList<>();
  private boolean struck;

  Incident(World world, Deed deed, Fault fault, Moment moment, Random chance, long seed) {
    this.world = world;
    this.deed = deed;
    this.fault = fault;
    this.moment = moment;
    this.chance = chance;
    this.slackKilobytes = chance.nextInt(400);
    this.name = "incident %d: %s, %s %s".formatted(seed, deed, fault, moment);
  }

  /**
   * Plays it and asks afterwards.
   *
   * @return whether the fault struck before Belay was done
   */
  boolean happen() throws InterruptedException {
    done(List.of("create-backup"));
    Content backup = world.content();
    deed.before().forEach(this::done);
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
    everyCommittedRowIsThere(committed, changes, items);
    nothingIsLeft();
    return struck;
  }

  private void strike(Content before, List<Content> ways) throws InterruptedException {
    List<String> arguments = deed.arguments(world);
    Cli.Result result;
    try (Proxy proxy = Proxy.before(world.live);
        SmallDisk disk =
            fault == Fault.DISK_FULL ? SmallDisk.under(world.folder, slackKilobytes) : null) {
      Target way = fault.isOfTheNetwork() ? proxy.through(world.live) : world.live;
      List<String> belay = new ArrayList<>(List.of(Program.LAUNCHER.toString()));
      belay.addAll(arguments);
      Program.Running running =
          moment.arm(world.program(way)).start(disk == null ? belay : disk.seenBy(belay));
      try {
        struck = fault.strike(new Fault.Scene(world, running.process(), proxy, disk, moment));
      } finally {
        moment.release();
      }
      result = running.result();
    }
    tell(arguments, result);
    world.awaitOrphans();
    Content done = done(before, ways);
    int status = result.status();
    if (status == 0) {
      same(done);
      theTrailSays(true, !done.equals(before));
    } else if (struck && status == fault.status()) {
      afterASignal(before, ways, arguments);
    } else if (status == 20) {
      oneOf(before, ways);
      finish(result, arguments, before, done);
    } else {
      assertThat(status).as(story()).isBetween(2, 19);
      assertThat(fault != Fault.NONE || deed.cannotSucceed(world)).as(story()).isTrue();
      same(before);
      theTrailSays(false, false);
      again(arguments, before, done);
    }
    if (deed == Deed.BACKUP) {
      done(List.of("validate-backup", "all", "--level", "restored"));
    }
  }

  private static Content done(Content before, List<Content> ways) {
    return ways.isEmpty() ? before : ways.get(ways.size() - 1);
  }

  /** Looks as an operator would, and does what is said; else does again what was meant. */
  private void afterASignal(Content before, List<Content> ways, List<String> arguments) {
    Content done = done(before, ways);
    JsonNode unfinished = unfinished();
    String said = text(unfinished);
    boolean open = unfinished.path("status").asString().equals("failed");
    if (world.isClosed()) {
      // Only a kill in the few milliseconds of a swap may leave it so, until the next command.
      assertThat(open && fault == Fault.KILLED).as(story() + "\nit is closed").isTrue();
    } else if (fault == Fault.KILLED) {
      oneOf(before, ways);
      assertThat(open || world.content().equals(before) || world.content().equals(done))
          .as(story() + "\nnobody says that it was killed half way")
          .isTrue();
    } else {
      oneOf(before, ways);
    }
    Optional<String> command = mending(said);
    if (command.isPresent()) {
      Cli.Result mended = run(words(command.get()));
      assertThat(mended.status()).as(story() + "\n" + command.get()).isIn(0, 10);
      oneOf(before, ways);
    }
    if (!world.content().equals(done) || deed == Deed.BACKUP) {
      again(arguments, before, done);
    }
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
  private void again(List<String> arguments, Content before, Content done) {
    Content found = world.content();
    Cli.Result again = run(arguments);
    if (again.status() == 0) {
      same(done);
    } else if (again.status() == 20) {
      finish(again, arguments, before, done);
    } else {
      assertThat(again.status()).as(story()).isBetween(2, 19);
      same(found);
      assertThat(deed.cannotSucceed(world) || found.equals(done)).as(story()).isTrue();
      assertThat(found).as(story()).isIn(before, done);
    }
  }

  /** The command that the failure names finishes it, or takes it back. */
  private void finish(Cli.Result failed, List<String> arguments, Content before, Content done) {
    // An error has its hint last; a report names its ways.
    String hint =
        failed
            .err()
            .lines()
            .filter(line -> line.startsWith("hint: "))
            .reduce((one, two) -> two)
            .orElse(failed.out());
    assertThat(hint).as(story()).contains("belay ");
    Optional<String> command = mending(hint);
    if (command.isEmpty()) {
      // It says where to look; then the same command is what goes on.
      Content found = world.content();
      Cli.Result again = run(arguments);
      assertThat(again.status() == 0 || found.equals(done) || deed.cannotSucceed(world))
          .as(story() + "\na command in: " + hint)
          .isTrue();
    } else {
      assertThat(run(words(command.get())).status()).as(story()).isZero();
    }
    assertThat(world.content()).as(story()).isIn(before, done);
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
            .filter(each -> each.path("command").asString().startsWith(deed.command()))
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

  /** In the live database, or in one that was put aside and named. */
  private void everyCommittedRowIsThere(Set<Long> committed, long changes, boolean items) {
    assertThat(committed).as(story()).isNotEmpty();
    Set<Long> missing = new HashSet<>(committed);
    missing.removeAll(world.written(world.live, items));
    long last = items ? world.changes(world.live) : changes;
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

  /** Whoever comes next finds nothing open, and the application can go on. */
  private void nothingIsLeft() {
    assertThat(world.left()).as(story()).isEmpty();
    assertThat(unfinished().path("status").asString()).as(story()).isEqualTo("passed");
    done(List.of("audit", "--verify"));
    done(List.of("report", "latest"));
    World.TABLES.forEach(
        table -> world.sql("insert into " + table + " (name, price) values ('last', 1)"));
  }

  private void done(List<String> arguments) {
    assertThat(run(arguments).status()).as(story()).isZero();
  }

  private Cli.Result run(List<String> arguments) {
    Cli.Result result = world.program(world.live).run(arguments.toArray(String[]::new));
    tell(arguments, result);
    return result;
  }

  private void tell(List<String> arguments, Cli.Result result) {
    told.add(
        "$ belay %s  (%d)%n%s%s"
            .formatted(String.join(" ", arguments), result.status(), result.out(), result.err()));
  }

  private String story() {
    return name + (struck ? "" : " (missed)") + "\n" + String.join("\n", told);
  }
}
