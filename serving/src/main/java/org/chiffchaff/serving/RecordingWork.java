package org.chiffchaff.serving;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.chiffchaff.audio.AudioSource;
import org.chiffchaff.audio.DecodeLimits;
import org.chiffchaff.audio.Window;
import org.chiffchaff.audio.WindowSpec;
import org.chiffchaff.audio.Windows;

/** Answers one question in steps of a few windows, each decoded and heard at once. Knows nothing of calls. */
final class RecordingWork implements Workers.Work {
    // A recording of half a minute is done in its first turn. Longer ones go on in smaller steps, which the graph can
    // still work in well: the rest of one is what a newcomer waits for.
    private static final int FIRST_WINDOWS = 8;
    private static final int LATER_WINDOWS = 4;

    /** Who waits for the answer, and is told once: of it, of a failure or, where the work is closed early, of neither. */
    interface Caller {
        /** Whether nobody waits any more. */
        boolean cancelled();

        void answer(Answer answer);

        void fail(Throwable failure);

        /** The recording is not needed any more. */
        void over();
    }

    private final Question question;
    private final WindowSpec spec;
    private final Recogniser recogniser;
    private final Limits limits;
    private final Caller caller;
    private final List<Answer.Detection> detections = new ArrayList<>();
    private Optional<Windows> opened = Optional.empty();
    private int count;

    /** @param spec of the windows that the recogniser takes */
    RecordingWork(Question question, WindowSpec spec, Recogniser recogniser, Limits limits, Caller caller) {
        this.question = question;
        this.spec = spec;
        this.recogniser = recogniser;
        this.limits = limits;
        this.caller = caller;
    }

    /** Hears the next windows, on the calling thread, which spends its time in native code. */
    @Override
    public boolean step() {
        try {
            if (cancelled()) {
                throw new CancellationException();
            }
            Windows windows = windows();
            hear(windows);
            if (windows.hasNext()) {
                return true;
            }
            caller.answer(answer(windows));
        } catch (Throwable failure) {
            caller.fail(failure);
        }
        return false;
    }

    // Workers interrupt what is at work when the server closes.
    private boolean cancelled() {
        return caller.cancelled() || Thread.currentThread().isInterrupted();
    }

    private Windows windows() {
        if (opened.isEmpty()) {
            opened = Optional.of(Windows.of(
                    AudioSource.of(question.name(), question.audio()),
                    spec,
                    question.channel(),
                    new DecodeLimits(limits.maxRecordingSeconds(), this::cancelled)));
        }
        return opened.get();
    }

    private void hear(Windows windows) {
        int most = count == 0 ? FIRST_WINDOWS : LATER_WINDOWS;
        List<Window> batch = new ArrayList<>(most);
        while (batch.size() < most && windows.hasNext()) {
            batch.add(windows.next());
        }
        count += batch.size();
        verifyAnswer();
        double windowSeconds = spec.windowSeconds();
        for (Recogniser.Detection heard : recogniser.accept(batch)) {
            // A recording shorter than a window ends where it ends, not where its padding does.
            double end = Math.min(heard.startSeconds() + windowSeconds, windows.decodedSeconds());
            detections.add(new Answer.Detection(heard.startSeconds(), end, heard.hit()));
        }
    }

    private void verifyAnswer() {
        if ((long) count * recogniser.mostOfWindow() > limits.maxDetections()) {
            throw new ServingException(
                    ServingException.Kind.TOO_LARGE,
                    question.name() + ": at least " + count + " windows of up to " + recogniser.mostOfWindow()
                            + " species; this server answers with up to " + limits.maxDetections()
                            + " detections: ask for a smaller top_k or overlap_seconds");
        }
    }

    private Answer answer(Windows windows) {
        List<String> warnings = new ArrayList<>(windows.condition().remarks());
        long audible = recogniser.audibleWindows();
        if (audible < count) {
            warnings.add("no sound: " + (count - audible) + " of " + count + " windows hold less than "
                    + Recogniser.LEAST_SOUND_SECONDS + " s of it");
        }
        return new Answer(detections, recogniser.ranking(), windows.decodedSeconds(), count, warnings);
    }

    @Override
    public void close() {
        try {
            opened.ifPresent(Windows::close);
        } finally {
            caller.over();
        }
    }
}
