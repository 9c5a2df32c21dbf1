package dev.belay.incident;

import dev.belay.cli.Progress;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.report.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts into one archive what somebody needs who was not there. Reads only, deletes nothing. */
final class IncidentBundle {
  private static final Logger LOG = LoggerFactory.getLogger(IncidentBundle.class);
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int MOST_PAGES = 40;
  private static final int MOST_OPERATIONS = 500;
  private static final long LONGEST_PAGE = 5_000_000;

  private final Settings settings;
  private final Surroundings surroundings;
  private final StateNow stateNow;
  private final String version;
  private final Secrets secrets;
  private final Instant made = Instant.now();
  private final List<String> missing = new ArrayList<>();

  IncidentBundle(Settings settings, Surroundings surroundings, StateNow stateNow, String version) {
    this.settings = settings;
    this.surroundings = surroundings;
    this.stateNow = stateNow;
    this.version = version;
    this.secrets = Secrets.of(settings, surroundings.environment());
  }

  /**
   * Makes it.
   *
   * @throws Failure when it cannot be written; what was begun of it is removed
   */
  BundleReport make(BundleRequest request, Progress progress) {
    String stem = "belay_incident_" + STAMP.format(made);
    Path file =
        request.out().orElseGet(() -> NewFile.free(surroundings.directory(), stem, ".tar.gz"));
    if (!Packing.isZip(file) && !file.toString().matches("(?i).*\\.(tar\\.gz|tgz)")) {
      throw Failure.usage(
          "--out is '%s', which is neither a .tar.gz nor a .zip".formatted(file.getFileName()),
          "belay incident-bundle --out incident.tar.gz");
    }
    NewFile.refuseTaken(file);
    Set<String> runs = runs(request);
    Instant since = since(request, runs);
    progress.step("collecting what was written since " + Units.moment(since));
    Redacted redacted = new Redacted(secrets);
    Collecting collecting = new Collecting(settings, since, runs, redacted);
    List<Item> items = new ArrayList<>(collecting.items());
    missing.addAll(collecting.missing());
    List<BundlePage.Line> operations = operations(since, runs, items, progress);
    progress.step("asking what everything is like now");
    List<StateNow.Answer> state = stateNow.answers();
    items.addAll(StateItems.of(state, redacted));
    state.stream()
        .filter(answer -> answer.json().isEmpty() || answer.isMissing())
        .forEach(answer -> missing.add("belay %s: %s".formatted(answer.command(), answer.note())));
    List<Item> chosen = chosen(items, request.maxBytes());
    progress.step("writing %s".formatted(Units.count(chosen.size(), "file", "files")));
    return write(file, stem, since, chosen, operations, state, request.maxBytes(), progress);
  }

  /** What did not fit is not linked to. */
  private static List<BundlePage.Line> linked(
      List<BundlePage.Line> lines, List<BundleReport.Content> contents) {
    Set<String> names = new HashSet<>();
    contents.forEach(content -> names.add(content.name()));
    return lines.stream()
        .map(line -> names.contains(line.page()) ? line : line.unlinked())
        .toList();
  }

  private Set<String> runs(BundleRequest request) {
    Runs found = new Runs(settings.folders().journal());
    TreeSet<String> runs = new TreeSet<>();
    request.runs().forEach(run -> runs.add(found.named(run)));
    return runs;
  }

  /** From a minute before the first of the runs on. */
  private Instant since(BundleRequest request, Set<String> runs) {
    Instant since = runs.isEmpty() ? request.since() : made;
    for (String run : runs) {
      RunFiles files = RunFiles.read(settings, run, java.util.Optional.empty());
      Span span = Span.of(files.journals(), files.records(), files.kept(), files.samples());
      if (span != null && span.from().minusSeconds(60).isBefore(since)) {
        since = span.from().minusSeconds(60);
      }
    }
    return since;
  }

  /** Each with a page of its own, the newest ones first. */
  private List<BundlePage.Line> operations(
      Instant since, Set<String> runs, List<Item> items, Progress progress) {
    Reporting reporting = new Reporting(settings, surroundings);
    List<BundlePage.Line> lines = new ArrayList<>();
    Runs all = new Runs(settings.folders().journal());
    List<Runs.Found> found =
        runs.isEmpty()
            ? all.since(since)
            : runs.stream().map(run -> new Runs.Found(run, made)).toList();
    if (found.size() > MOST_OPERATIONS) {
      missing.add(
          "of %s only the newest %d are listed"
              .formatted(Units.count(found.size(), "operation", "operations"), MOST_OPERATIONS));
    }
    List<Runs.Found> listed = found.stream().limit(MOST_OPERATIONS).toList();
    all.load(listed.stream().map(Runs.Found::run).collect(Collectors.toSet()));
    try (Progress.Bar bar = progress.bar("looking at", listed.size(), "operations")) {
      for (Runs.Found run : listed) {
        bar.advance(1);
        String name = lines.size() < MOST_PAGES ? "pages/" + run.run() + ".html" : "";
        lines.add(line(reporting, all, run, name));
        if (!name.isEmpty()) {
          items.add(
              new Item(
                  name,
                  "page about belay's run " + run.run(),
                  15,
                  run.at(),
                  100_000,
                  into -> page(reporting.ofRun(run.run(), all, true), run.run(), into)));
        }
      }
    }
    if (lines.size() > MOST_PAGES) {
      missing.add(
          "older operations have no page in it; make one with: belay report "
              + lines.get(MOST_PAGES).run());
    }
    return lines;
  }

  private BundlePage.Line line(Reporting reporting, Runs all, Runs.Found run, String page) {
    try {
      Account account = reporting.ofRun(run.run(), all, false);
      String begun =
          account.facts().stream()
              .filter(fact -> fact.name().equals("begun"))
              .map(Fact::value)
              .findFirst()
              .orElse(Units.moment(run.at()));
      return new BundlePage.Line(run.run(), account.title(), begun, account.verdict(), page);
    } catch (RuntimeException broken) {
      String why = "what is known of the run %s cannot be shown: %s".formatted(run.run(), broken);
      LOG.warn(why, broken);
      missing.add(why);
      return new BundlePage.Line(
          run.run(), "run " + run.run(), Units.moment(run.at()), Verdict.neutral(why), page);
    }
  }

  /** One that is longer than anybody reads must not leave no room for what is worth less. */
  private void page(Account account, String run, OutputStream into) throws IOException {
    String why =
        "it would be longer than %s; make it with: belay report %s"
            .formatted(Units.bytes(LONGEST_PAGE), run);
    Writer text =
        new OutputStreamWriter(
            new Staging.Limited(into, LONGEST_PAGE, why), StandardCharsets.UTF_8);
    AccountPage.write(account, secrets, text);
    text.flush();
  }

  /** What is worth most first, and of that the newest; what does not fit is named. */
  private List<Item> chosen(List<Item> items, long maxBytes) {
    List<Item> order = new ArrayList<>(items);
    order.sort(
        Comparator.comparingInt(Item::rank)
            .thenComparing(Item::modified, Comparator.reverseOrder())
            .thenComparing(Item::name));
    List<Item> chosen = new ArrayList<>();
    long all = 0;
    for (Item item : order) {
      if (all + item.bytes() <= maxBytes) {
        all += item.bytes();
        chosen.add(item);
      } else {
        missing.add(
            "left out, since all would be more than %s: %s (%s)"
                .formatted(Units.bytes(maxBytes), item.name(), Units.bytes(item.bytes())));
      }
    }
    return chosen;
  }

  private BundleReport write(
      Path file,
      String root,
      Instant since,
      List<Item> items,
      List<BundlePage.Line> operations,
      List<StateNow.Answer> state,
      long maxBytes,
      Progress progress) {
    List<BundleReport.Content> contents = new ArrayList<>();
    long bytes =
        NewFile.write(
            file,
            into -> {
              try (Packing packing = new Packing(file, into, root, maxBytes, missing);
                  Progress.Bar bar = progress.bar("writing", items.size(), "files")) {
                for (Item item : items) {
                  bar.advance(1);
                  packing.add(item);
                }
                packing.addAnyway(contentsItem(packing.contents(), since));
                packing.addAnyway(
                    index(
                        since, linked(operations, packing.contents()), state, packing.contents()));
                contents.addAll(packing.contents());
              }
            });
    return new BundleReport(
        file.toString(),
        bytes,
        contents.stream().mapToLong(BundleReport.Content::bytes).sum(),
        since,
        (int) linked(operations, contents).stream().filter(line -> !line.page().isEmpty()).count(),
        contents,
        missing);
  }

  private Item contentsItem(List<BundleReport.Content> contents, Instant since) {
    String json =
        Json.pretty(new Contents(1, version, made, since, List.copyOf(contents), missing)) + "\n";
    return new Item(
        "contents.json",
        "what is in it, with the SHA-256 of each file",
        0,
        made,
        json.length(),
        into -> new Redacted(secrets).json(json, into));
  }

  /** What is in a bundle, for a program. */
  private record Contents(
      int bundle,
      String belay,
      Instant made,
      Instant since,
      List<BundleReport.Content> contents,
      List<String> missing) {}

  private Item index(
      Instant since,
      List<BundlePage.Line> operations,
      List<StateNow.Answer> state,
      List<BundleReport.Content> contents) {
    List<Fact> facts =
        List.of(
            new Fact("since", Units.moment(since)),
            new Fact(
                "database", settings.reached() == null ? "none" : settings.reached().toString()),
            new Fact("by", surroundings.osUser()),
            new Fact("folder", surroundings.directory().toString()),
            new Fact("belay", version));
    return new Item(
        "index.html",
        "begin here",
        0,
        made,
        0,
        into -> {
          Writer text = new OutputStreamWriter(into, StandardCharsets.UTF_8);
          BundlePage.write(made, facts, operations, state, contents, missing, secrets, text);
          text.flush();
        });
  }
}
