/**
 * Stores the ceilings of projects, tags and instances. A ceiling is a value of the pace that no scan may exceed without
 * approval.
 *
 * <p>Other packages get the ceilings from {@code CeilingFinder}. They refuse a request above a ceiling, and lower a
 * value that a request leaves open.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.ceiling;
