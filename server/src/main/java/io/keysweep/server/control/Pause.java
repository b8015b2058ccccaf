package io.keysweep.server.control;

/**
 * Describes why a scan makes no steps: a pause of the scan itself, or a hold.
 *
 * @param scope what is paused: one scan, a project or everything
 * @param intervention who requested the pause, why and when
 */
public record Pause(Scope scope, Intervention intervention) {}
