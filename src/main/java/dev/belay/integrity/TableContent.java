package dev.belay.integrity;

import dev.belay.core.Fingerprint;
import dev.belay.core.TableName;

/** What one table holds. */
public record TableContent(TableName name, Fingerprint content) {}
