package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Describes the pause or hold that keeps a scan from removing keys; part of {@link ScanView}.
 *
 * <p>A client pauses one scan, or holds all scans of a project or of the service. If several of these apply, this is
 * the most specific one: first the pause of the scan, then the hold of the project, then the hold of all scans.
 *
 * @param scope what was paused or put on hold: {@code scan} (only this scan), {@code project} (all scans of the
 *     project) or {@code all} (all scans of the service)
 * @param by id of the access key that requested the pause or hold
 * @param why reason that the caller gave; null if none was given
 * @param since when the pause or hold was requested
 */
public record PauseView(String scope, String by, @Nullable String why, Instant since) {}
