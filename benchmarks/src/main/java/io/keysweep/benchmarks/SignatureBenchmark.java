package io.keysweep.benchmarks;

import io.keysweep.api.signature.RequestSigner;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures the cost of signing one API request, in microseconds.
 *
 * <p>The service calculates the same signature to verify each signed request, so this is also the main cost of the
 * check.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SignatureBenchmark {

    private final RequestSigner signer =
            new RequestSigner("ACCESSKEY0ACCESSKEY0", "s".repeat(40), InstantSource.system());
    private final URI uri = URI.create("http://127.0.0.1:8379/v2/0a1b2c3d4e5f60718293a4b5c6d7e8f9/instances"
            + "/5560df16-cebf-4473-95c4-d1b573c16e79/auto-expire/histories?offset=0&limit=10");

    /** Signs a GET request that has a query. */
    @Benchmark
    public Map<String, String> sign() {
        return signer.sign("GET", uri, Map.of("Content-Type", "application/json"), new byte[0]);
    }
}
