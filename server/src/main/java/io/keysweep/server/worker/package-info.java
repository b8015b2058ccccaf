/** The service's processes: what each may do, who is alive, and what runs where. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.worker;
