/**
 * Serves health and metrics for load balancers, Kubernetes and Prometheus: {@code /livez}, {@code /readyz} and {@code
 * /metrics}.
 *
 * <p>Spring Boot's Actuator serves the pages. This package protects them, and contributes the metrics of Keysweep.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.metrics;
