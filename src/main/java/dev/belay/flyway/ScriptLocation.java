package dev.belay.flyway;

import dev.belay.flyway.ScriptProblem.Kind;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A folder of scripts, with all folders below it; its path may hold {@code *}, {@code **} and
 * {@code ?} as Flyway has them.
 *
 * @param descriptor as it was configured
 * @param root the part of the path before the first wildcard
 * @param wildcards what the path of a file must match; null without wildcards
 */
record ScriptLocation(String descriptor, String root, @Nullable Pattern wildcards) {
  private static final String FILESYSTEM = "filesystem:";
  private static final int DEEPEST = 64;

  /** A file and its name as Flyway records it: its path from the location on. */
  record Found(Path file, String script) {}

  /** Those of the locations that lie on disk, without those that lie within another one. */
  static List<ScriptLocation> of(List<String> descriptors, Consumer<ScriptProblem> problems) {
    TreeMap<String, ScriptLocation> sorted = new TreeMap<>();
    for (String descriptor : descriptors) {
      String stripped = descriptor.strip();
      int colon = stripped.indexOf(':');
      if (colon >= 0 && !stripped.regionMatches(true, 0, FILESYSTEM, 0, FILESYSTEM.length())) {
        problems.accept(
            new ScriptProblem(
                Kind.LOCATION, stripped, "only folders can be read; name it as filesystem:<path>"));
        continue;
      }
      ScriptLocation location = parse(descriptor, stripped.substring(colon + 1));
      sorted.putIfAbsent(location.key(), location);
    }
    List<ScriptLocation> apart = new ArrayList<>();
    for (ScriptLocation location : sorted.values()) {
      if (apart.stream().noneMatch(other -> other.contains(location))) {
        apart.add(location);
      }
    }
    return apart;
  }

  private String key() {
    return wildcards == null ? root : root + "\0" + wildcards;
  }

  private boolean contains(ScriptLocation other) {
    return wildcards == null
        && other.wildcards == null
        && (other.root + File.separator).startsWith(root + File.separator);
  }

  private static ScriptLocation parse(String descriptor, String path) {
    if (!path.contains("*") && !path.contains("?")) {
      return new ScriptLocation(descriptor, new File(path).getPath(), null);
    }
    List<String> fixed = new ArrayList<>();
    List<String> open = new ArrayList<>();
    for (String part : path.replaceAll("[\\\\/]+$", "").split("[\\\\/]", -1)) {
      boolean wild = !open.isEmpty() || part.contains("*") || part.contains("?");
      (wild ? open : fixed).add(part);
    }
    String root = new File(String.join(File.separator, fixed)).getPath();
    String pattern = (fixed.isEmpty() ? "" : root + "/") + expression(open);
    return new ScriptLocation(descriptor, root, Pattern.compile(pattern));
  }

  /** The path before the wildcards is part of the expression as it is: Flyway does not quote it. */
  private static String expression(List<String> parts) {
    StringBuilder expression = new StringBuilder();
    boolean slash = false;
    for (String part : parts) {
      expression.append(slash ? "/" : "");
      slash = !part.equals("**");
      expression.append(
          slash
              ? part.replace(".", "\\.").replace("?", "[^/]").replace("*", "[^/]+?")
              : "([^/]+/)*?");
    }
    String last = parts.get(parts.size() - 1);
    boolean namesFiles = slash && last.contains(".");
    return namesFiles ? expression.toString() : expression.append("/(?<below>.*)").toString();
  }

  /** All files of the location, in the order of their path. */
  List<Found> files(Consumer<ScriptProblem> problems) {
    Path folder = Path.of(root);
    if (!Files.isDirectory(folder)) {
      String what = Files.exists(folder) ? "is not a folder" : "does not exist";
      problems.accept(new ScriptProblem(Kind.LOCATION, descriptor, "the folder " + what));
      return List.of();
    }
    TreeMap<String, Found> files = new TreeMap<>();
    collect(folder, 0, files, problems);
    return List.copyOf(files.values());
  }

  private void collect(
      Path folder, int depth, TreeMap<String, Found> files, Consumer<ScriptProblem> problems) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (Files.isDirectory(entry)) {
          // A link to a folder above would lead round for ever.
          if (depth < DEEPEST && !String.valueOf(entry.getFileName()).startsWith(".")) {
            collect(entry, depth + 1, files, problems);
          }
        } else if (Files.exists(entry)) {
          add(entry, files);
        }
      }
    } catch (IOException | DirectoryIteratorException unreadable) {
      problems.accept(
          new ScriptProblem(
              Kind.LOCATION, folder.toString(), "the folder cannot be read: permission denied"));
    }
  }

  private void add(Path file, TreeMap<String, Found> files) {
    String path = file.toString();
    String script =
        root.isEmpty() ? path : path.substring(Math.min(path.length(), root.length() + 1));
    if (wildcards != null) {
      Matcher matcher = wildcards.matcher(path);
      if (!matcher.matches()) {
        return;
      }
      if (wildcards.pattern().contains("?<below>")) {
        String below = matcher.group("below");
        script = below == null || below.isEmpty() ? script : below;
      }
    }
    files.put(script, new Found(file, script));
  }
}
