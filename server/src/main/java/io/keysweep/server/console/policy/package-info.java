/**
 * Serves the pages of a project's policies and ceilings: windows (times when sweeps may run), the start policy, the
 * budget and ceilings (values of the pace that no scan may exceed without approval). The page of an instance contains
 * the same forms, for policies that replace the policies of its project.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.console.policy;
