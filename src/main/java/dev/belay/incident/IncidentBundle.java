package dev.belay.incident;

import dev.belay.cli.Progress;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.Cleanup;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.report.Json;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Puts into one archive what somebody needs who was not there. Reads only, deletes nothing. */
final class IncidentBundle {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int MOST_PAGES = 40;
  private static final int MOST_OPERATIONS = 500;

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
    boolean zip = file.toString().toLowerCase(Locale.ROOT).endsWith(".zip");
    if (!zip && !file.toString().matches("(?i).*\\.(tar\\.gz|tgz)")) {
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
    List<BundlePage.Line> operations = operations(since, runs, items);
    progress.step("asking what everything is like now");
    List<StateNow.Answer> state = stateNow.answers();
    items.addAll(StateItems.of(state, redacted));
    state.stream()
        .filter(answer -> answer.json().isEmpty())
        .forEach(answer -> missing.add("belay %s: %s".formatted(answer.command(), answer.note())));
    List<Item> chosen = chosen(items, request.maxBytes());
    return write(file, zip, stem, since, chosen, linked(operations, chosen), state);
  }

  /** What did not fit is not linked to. */
  private static List<BundlePage.Line> linked(List<BundlePage.Line> lines, List<Item> chosen) {
    Set<String> names = new HashSet<>();
    chosen.forEach(item -> names.add(item.name()));
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
  private List<BundlePage.Line> operations(Instant since, Set<String> runs, List<Item> items) {
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
    for (Runs.Found run : found.stream().limit(MOST_OPERATIONS).toList()) {
      Account account = reporting.ofRun(run.run());
      boolean page = lines.size() < MOST_PAGES;
      String name = page ? "pages/" + run.run() + ".html" : "";
      String begun =
          account.facts().stream()
              .filter(fact -> fact.name().equals("begun"))
              .map(Fact::value)
              .findFirst()
              .orElse(Units.moment(run.at()));
      lines.add(new BundlePage.Line(run.run(), account.title(), begun, account.verdict(), name));
      if (page) {
        items.add(
            new Item(
                name,
                "page about belay's run " + run.run(),
                15,
                run.at(),
                100_000,
                into -> page(reporting.ofRun(run.run()), into)));
      }
    }
    if (lines.size() > MOST_PAGES) {
      missing.add(
          "older operations have no page in it; make one with: belay report "
              + lines.get(MOST_PAGES).run());
    }
    return lines;
  }

  private void page(Account account, OutputStream into) throws IOException {
    Writer text = new OutputStreamWriter(into, StandardCharsets.UTF_8);
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
    chosen.sort(Comparator.comparing(Item::name));
    return chosen;
  }

  private BundleReport write(
      Path file,
      boolean zip,
      String root,
      Instant since,
      List<Item> items,
      List<BundlePage.Line> operations,
      List<StateNow.Answer> state) {
    Path staged = NewFile.partial(file).resolveSibling("." + file.getFileName() + ".staged");
    List<BundleReport.Content> contents = new ArrayList<>();
    long bytes;
    try (Cleanup.Pending clean = Cleanup.register(() -> delete(staged))) {
      bytes =
          NewFile.write(
              file,
              into -> {
                try (Archive archive = zip ? new ZipArchive(into) : new TarArchive(into)) {
                  for (Item item : items) {
                    add(archive, root, item, staged, contents);
                  }
                  add(archive, root, contentsItem(contents, since), staged, contents);
                  add(archive, root, index(since, operations, state, contents), staged, contents);
                }
              });
    }
    return new BundleReport(
        file.toString(),
        bytes,
        contents.stream().mapToLong(BundleReport.Content::bytes).sum(),
        since,
        (int) operations.stream().filter(line -> !line.page().isEmpty()).count(),
        contents,
        missing);
  }

  private void add(
      Archive archive, String root, Item item, Path staged, List<BundleReport.Content> contents)
      throws IOException {
    delete(staged);
    dev.belay.archive.DurableFiles.writeNew(staged, new byte[0]);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(staged), 1 << 16)) {
      item.content().write(out);
    } catch (java.nio.file.NoSuchFileException | java.nio.file.AccessDeniedException gone) {
      missing.add("%s could not be read: %s".formatted(item.name(), gone.getMessage()));
      return;
    }
    archive.add(root + "/" + item.name(), item.modified(), staged);
    contents.add(
        new BundleReport.Content(
            item.name(), item.what(), Files.size(staged), item.modified(), sha256(staged)));
    delete(staged);
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
        into -> new Redacted(secrets).text(json.lines().toList(), into));
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

  private static String sha256(Path file) throws IOException {
    try (DigestInputStream in =
        new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
      in.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(in.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException cannot) {
      // Its name says that it is not whole.
    }
  }
}
