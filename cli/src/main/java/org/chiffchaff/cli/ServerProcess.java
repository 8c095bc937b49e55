package org.chiffchaff.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.chiffchaff.cache.CacheFolder;

/** {@code chiffchaff serve} in a process of its own, on this process's Java and class path. Never outlives it. */
final class ServerProcess implements AutoCloseable {
    private static final Pattern SERVING = Pattern.compile("serving \\S+ \\S+ on \\S*:(\\d+)");
    private static final int PATIENCE_SECONDS = 60;

    private final Process process;
    private final Thread killer;
    private final CompletableFuture<Integer> port = new CompletableFuture<>();

    /** {@code words}: those after {@code chiffchaff}. What the server says goes on to {@code err}. */
    ServerProcess(PrintWriter err, List<String> words) throws IOException {
        process = new ProcessBuilder(command(words))
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .start();
        killer = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(killer);
        Thread.ofPlatform().daemon().name("server-messages").start(() -> listen(err));
    }

    private static List<String> command(List<String> words) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        // Its stderr is a pipe to here.
        command.removeIf(word -> word.startsWith("-D" + Terminal.PROPERTIES));
        Optional.ofNullable(System.getProperty(CacheFolder.PROPERTY))
                .ifPresent(folder -> command.add("-D" + CacheFolder.PROPERTY + "=" + folder));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Chiffchaff.class.getName()));
        command.addAll(words);
        return command;
    }

    private void listen(PrintWriter err) {
        try (BufferedReader lines = process.errorReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                err.println(line);
                Matcher serving = SERVING.matcher(line);
                if (serving.find()) {
                    port.complete(Integer.valueOf(serving.group(1)));
                }
            }
            port.completeExceptionally(new DemoException("the server ended before it served"));
        } catch (IOException e) {
            port.completeExceptionally(new UncheckedIOException(e));
        }
    }

    /** The port it listens on, once it does. */
    int port() throws InterruptedException, ExecutionException {
        try {
            return port.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new DemoException("the server did not say where it serves within " + PATIENCE_SECONDS + " s", e);
        }
    }

    /** Asks it to end, as SIGTERM does, and waits until it has. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            Runtime.getRuntime().removeShutdownHook(killer);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IllegalStateException e) {
            // This process is ending, and the hook is running.
        }
    }
}
