package dev.belay.incident;

import dev.belay.report.Remark;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * All that is known of one operation, or of one file.
 *
 * @param kind what it is, such as {@code Operation}
 * @param title its heading
 * @param name for the name of a file: the run, or that of the file
 * @param error null: it did not fail, as far as is known
 * @param next what to type next
 * @param timeline oldest first
 * @param plans each that was agreed to, as lines
 * @param decisions what somebody decided, or the program for him
 * @param told what people were told while it went on
 * @param sent to which channels something was sent at that time
 * @param answerLines its answer as text
 * @param answer its answer as JSON
 * @param log null: there is none
 * @param sources what this was put together from
 * @param missing what could not be found or read
 */
record Account(
    String kind,
    String title,
    String name,
    Verdict verdict,
    List<Fact> facts,
    KeptOperation.@Nullable Problem error,
    List<String> next,
    List<Happening> timeline,
    List<Samples> samples,
    List<List<String>> plans,
    List<Fact> decisions,
    List<Remark> remarks,
    List<KeptOperation.Told> told,
    List<RunFiles.Sent> sent,
    List<String> answerLines,
    @Nullable JsonNode answer,
    @Nullable LogPart log,
    List<Fact> sources,
    List<String> missing) {}
