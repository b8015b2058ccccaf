/**
 * Serves the pages of a project's policies and ceilings: windows, the start policy, the budget and ceilings. The page
 * of an instance contains the same forms, for policies that replace the policies of its project.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.console.policy;
