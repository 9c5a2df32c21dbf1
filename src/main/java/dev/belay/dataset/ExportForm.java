package dev.belay.dataset;

import dev.belay.core.Failure;

/** The two forms of an export. */
public enum ExportForm {
  /** One JSON document: {@code {"<app>": {"<table>": {"data": […], "count": n}}}}. */
  json,

  /** One JSON document per line: for tools that read line by line. */
  ndjson;

  /**
   * Reads the operator's word.
   *
   * @throws Failure USAGE when it is neither
   */
  public static ExportForm parse(String word) {
    for (ExportForm form : values()) {
      if (form.name().equalsIgnoreCase(word)) {
        return form;
      }
    }
    throw Failure.usage("there is no format '" + word + "' of an export", "use json or ndjson");
  }
}
