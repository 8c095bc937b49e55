package org.chiffchaff.benchmarks;

import java.util.concurrent.TimeUnit;
import org.chiffchaff.audio.AudioSource;
import org.chiffchaff.audio.PcmStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Encoded bytes to mono samples at 22,050 Hz on one thread. The score is seconds of sound per second.
 *
 * <p>The work is native but for a copy, so there is little to warm up and forks agree: one fork, short iterations. A
 * minute of sound makes the opening of a stream a small part, as it is with recordings.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class DecodeBenchmark {
    private static final int SECONDS = 60;
    private static final int SAMPLE_RATE = 22_050;

    @Param
    public RecordingFormat format;

    private final float[] block = new float[SAMPLE_RATE];
    private AudioSource source;

    @Setup
    public void encode() {
        source = AudioSource.of(format.toString(), format.recording(SECONDS));
    }

    @Benchmark
    @OperationsPerInvocation(SECONDS)
    public double decode() {
        long samples = 0;
        double energy = 0;
        try (PcmStream stream = PcmStream.open(source, SAMPLE_RATE)) {
            int count = stream.read(block, 0, block.length);
            while (count >= 0) {
                samples += count;
                energy += block[0] * block[0];
                count = stream.read(block, 0, block.length);
            }
        }
        // Lossy formats may add a frame at the end.
        if (Math.abs(samples - SECONDS * SAMPLE_RATE) > SAMPLE_RATE / 10 || energy == 0) {
            throw new BenchmarkException(format + " gave " + samples + " samples, energy " + energy + "; expected "
                    + SECONDS * SAMPLE_RATE + " of noise");
        }
        return energy;
    }
}
