package io.keysweep.server.control;

/**
 * Describes why a scan does no steps at the moment.
 *
 * @param scope what was paused: the scan itself, its project or everything
 * @param intervention by whom, why and since when
 */
public record Pause(Scope scope, Intervention intervention) {}
