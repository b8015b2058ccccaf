/**
 * Serves the page that registers an instance, and the page of each instance.
 *
 * <p>The page of an instance consists of its forms, its estimate with the insight, its charts and the drawing of its
 * nodes.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.console.instance;
