package dev.belay.config;

import dev.belay.core.Failure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads {@code belay.yaml} into settings by name, each with its line. A class of its own, so that
 * the parser is loaded only where there is such a file; and only the parser: its nodes have lines.
 */
final class BelayFile {
  private static final List<String> SECTIONS = List.of("folders", "retention", "scratch");
  private static final int DEEPEST = 20;

  private final String file;
  private final Map<String, String> environment;
  private final Map<String, Given> settings = new LinkedHashMap<>();
  private final OpenSecret openSecret;

  private BelayFile(Path path, Places places, Map<String, String> environment) {
    this.file = places.show(path);
    this.environment = environment;
    this.openSecret = new OpenSecret(path, places);
  }

  /**
   * The settings of a file.
   *
   * @throws Failure USAGE when it is not YAML, has a key that is not known, or holds a password
   *     that others can read; UNAVAILABLE when it cannot be read
   */
  static Map<String, Given> read(Path path, Places places, Map<String, String> environment) {
    BelayFile reader = new BelayFile(path, places, environment);
    Node root = reader.parse(places.read(path));
    if (root != null && !reader.isNull(root)) {
      for (NodeTuple entry : reader.map(root, "the file").getValue()) {
        reader.top(entry);
      }
    }
    reader.openSecret.refuse();
    return reader.settings;
  }

  private @Nullable Node parse(String text) {
    try {
      LoadSettings form = LoadSettings.builder().setLabel(file).build();
      return new Compose(form).composeString(text).orElse(null);
    } catch (MarkedYamlEngineException wrong) {
      String line = wrong.getProblemMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
      throw notYaml(line);
    } catch (YamlEngineException wrong) {
      throw notYaml("");
    }
  }

  /** The parser's own words are not shown: they quote the text, which may be a password. */
  private Failure notYaml(String line) {
    return Failure.usage(
        file + line + " is not valid YAML",
        "check the indentation, and put values with special characters in single quotes");
  }

  private void top(NodeTuple entry) {
    String key = key(entry);
    String section = Known.exactly(key, SECTIONS);
    if (section != null) {
      if (!isNull(entry.getValueNode())) {
        for (NodeTuple inner : map(entry.getValueNode(), section).getValue()) {
          single(section + "." + key(inner), inner);
        }
      }
    } else if (key.equals("apps")) {
      if (!isNull(entry.getValueNode())) {
        for (NodeTuple app : map(entry.getValueNode(), "apps").getValue()) {
          app(app);
        }
      }
    } else if (Known.RESERVED.contains(key)) {
      reserved(key, entry.getValueNode(), 0);
    } else {
      single(key, entry);
    }
  }

  private void single(String written, NodeTuple entry) {
    String name = Known.exactly(written, Known.all());
    if (name == null) {
      throw Failure.usage(
          place(entry.getKeyNode()) + ": unknown key '" + written + "'",
          "did you mean " + Known.nearest(written) + "?");
    }
    value(name, entry, Known.LISTS.contains(name));
  }

  private void app(NodeTuple entry) {
    String app = key(entry);
    String place = place(entry.getKeyNode());
    if (!Apps.APP_NAME.matcher(app).matches()) {
      throw Failure.usage(
          place + ": '" + app + "' cannot be the name of an app",
          "use letters, digits, - and _ only");
    }
    if (isNull(entry.getValueNode())) {
      throw Failure.usage(
          place + ": the app '" + app + "' is empty", "name its schemas or its locations");
    }
    for (NodeTuple inner : map(entry.getValueNode(), "the app " + app).getValue()) {
      String written = key(inner);
      String list = Known.exactly(written, Known.APP_LISTS);
      String scalar = Known.exactly(written, Known.APP_SCALARS);
      String map = Known.exactly(written, Known.APP_MAPS);
      String prefix = "apps." + app + ".";
      if (list != null) {
        value(prefix + list, inner, true);
      } else if (scalar != null) {
        value(prefix + scalar, inner, false);
      } else if (map != null) {
        for (NodeTuple pair : map(inner.getValueNode(), written).getValue()) {
          value(prefix + map + "." + key(pair), pair, Known.APP_MAPS_OF_LISTS.contains(map));
        }
      } else {
        throw Failure.usage(
            place(inner.getKeyNode()) + ": unknown key '" + written + "' of the app '" + app + "'",
            "did you mean " + Known.nearestOfApp(written) + "?");
      }
    }
  }

  private void value(String name, NodeTuple entry, boolean listAllowed) {
    Node node = entry.getValueNode();
    String place = place(entry.getKeyNode());
    if (settings.containsKey(name)) {
      throw Failure.usage(
          place + ": " + name + " is there twice", "leave one of the two lines out");
    }
    if (node instanceof ScalarNode scalar) {
      if (!isNull(scalar)) {
        openSecret.note(name, scalar.getValue(), place);
        settings.put(
            name, Given.of(Interpolation.expand(scalar.getValue(), environment, place), place));
      }
    } else if (listAllowed && node instanceof SequenceNode sequence) {
      List<String> items = new ArrayList<>();
      for (Node item : sequence.getValue()) {
        if (!(item instanceof ScalarNode scalar)) {
          throw Failure.usage(
              place(item) + ": an item of " + name + " is not a plain value",
              "write " + name + " as a list of texts");
        }
        items.add(Interpolation.expand(scalar.getValue(), environment, place(item)));
      }
      settings.put(name, Given.of(items, place));
    } else {
      throw Failure.usage(
          place
              + ": "
              + name
              + " is a "
              + kind(node)
              + ", not "
              + (listAllowed ? "a list" : "one value"),
          "write it like " + name + (listAllowed ? ": [one, two]" : ": value"));
    }
  }

  private void reserved(String name, Node node, int depth) {
    if (depth > DEEPEST) {
      throw Failure.usage(place(node) + ": " + name + " is nested too deeply", "flatten it");
    }
    if (node instanceof MappingNode map) {
      for (NodeTuple entry : map.getValue()) {
        reserved(name + "." + key(entry), entry.getValueNode(), depth + 1);
      }
    } else if (node instanceof SequenceNode sequence) {
      int index = 0;
      for (Node item : sequence.getValue()) {
        reserved(name + "." + index++, item, depth + 1);
      }
    } else if (node instanceof ScalarNode scalar && !isNull(node)) {
      openSecret.note(name, scalar.getValue(), place(node));
      settings.put(name, Given.of(scalar.getValue(), place(node)));
    }
  }

  private MappingNode map(Node node, String what) {
    if (node instanceof MappingNode map) {
      return map;
    }
    throw Failure.usage(
        place(node) + ": " + what + " is a " + kind(node) + ", not keys with values",
        "write key: value, one to a line, indented by two spaces");
  }

  private String key(NodeTuple entry) {
    if (entry.getKeyNode() instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw Failure.usage(
        place(entry.getKeyNode()) + ": a key is not a plain word", "write key: value");
  }

  private boolean isNull(Node node) {
    return node instanceof ScalarNode scalar
        && (scalar.getTag().equals(Tag.NULL)
            || scalar.getValue().isBlank()
            || scalar.getValue().equals("~"));
  }

  private static String kind(Node node) {
    return node instanceof MappingNode ? "map" : node instanceof SequenceNode ? "list" : "value";
  }

  private String place(Node node) {
    return file + node.getStartMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
  }
}
