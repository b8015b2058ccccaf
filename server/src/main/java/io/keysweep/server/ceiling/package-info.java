/**
 * Sets ceilings for the pace of scans: of a project, of a tag and of an instance. {@code CeilingFinder} gives them to
 * other packages, which refuse or lower what is above.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.ceiling;
