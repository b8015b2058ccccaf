/** Tests that slow, many and greedy clients do not keep the service from answering others. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.admission;
