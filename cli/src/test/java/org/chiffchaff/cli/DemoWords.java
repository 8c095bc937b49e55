package org.chiffchaff.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The words the demo uses, at their smallest: a recording is a line of text, its first word the species heard in it,
 * and the server, a real one on a real port, answers with that word. A recording that says {@code wait} is never
 * answered.
 */
final class DemoWords {
    private DemoWords() {}

    @Command(name = "data", subcommands = Synth.class)
    public static final class Data implements Subcommand {}

    @Command(name = "synth")
    static final class Synth implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Option(names = "--out", required = true)
        private Path out;

        @Option(names = "--seed", required = true)
        private long seed;

        @Override
        public Integer call() throws IOException {
            for (String species : List.of("robin", "wren, or so")) {
                Path folder = Files.createDirectories(out.resolve(species));
                for (int i = 0; i < 4; i++) {
                    Files.writeString(folder.resolve("song " + i), (i == 3 ? "jay" : species) + "\n");
                }
            }
            spec.commandLine().getOut().println("songs of seed " + seed);
            return Chiffchaff.OK;
        }
    }

    @Command(name = "train")
    public static final class Train implements Subcommand {
        @Spec
        private CommandSpec spec;

        @Option(names = "--data", required = true)
        private Path data;

        @Option(names = "--out", required = true)
        private Path out;

        @Option(names = "--name", required = true)
        private String name;

        @Option(names = "--epochs", required = true)
        private int epochs;

        @Option(names = "--patience", required = true)
        private int patience;

        @Option(names = "--seed", required = true)
        private long seed;

        @Override
        public Integer call() throws IOException {
            if (epochs == 0) {
                throw new DemoException("nothing is learned in 0 epochs");
            }
            Files.createDirectories(out.resolve("bundle").resolve(name).resolve("1"));
            StringBuilder split = new StringBuilder("file,label,group,part\n");
            try (Stream<Path> files = Files.walk(data)) {
                files.filter(Files::isRegularFile)
                        .sorted()
                        .map(data::relativize)
                        .forEach(file -> {
                            String part = file.endsWith("song 0") ? "train" : "test";
                            split.append("\"%s\",\"%s\",,%s%n".formatted(file, file.getParent(), part));
                        });
            }
            Files.writeString(out.resolve("split.csv"), split);
            spec.commandLine()
                    .getOut()
                    .printf("seed %d, %d epochs, patience %d: accuracy 0.5%n", seed, epochs, patience);
            return Chiffchaff.OK;
        }
    }

    @Command(name = "serve")
    public static final class Serve implements Subcommand {
        @Spec
        private CommandSpec spec;

        @Option(names = "--model", required = true)
        private Path model;

        @Option(names = "--port", required = true)
        private int port;

        @Override
        public Integer call() throws IOException {
            try (ServerSocket server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
                String where = "127.0.0.1:" + server.getLocalPort();
                spec.commandLine().getErr().println("serving " + model.getFileName() + " 1 on " + where);
                while (true) {
                    try (Socket call = server.accept()) {
                        String song = reader(call).readLine();
                        while (song.equals("wait")) {
                            server.accept();
                        }
                        call.getOutputStream().write(song.getBytes(StandardCharsets.UTF_8));
                    }
                }
            }
        }
    }

    @Command(name = "identify")
    public static final class Identify implements Subcommand {
        @Spec
        private CommandSpec spec;

        @Parameters
        private List<Path> files;

        @Option(names = "--server", required = true)
        private String server;

        @Option(names = "--format", required = true)
        private String format;

        @Override
        public Integer call() throws IOException {
            for (Path file : files) {
                String label = ask(Files.readString(file));
                String line = format.equals("table")
                        ? file + " | " + label
                        : "{\"file\":\"%s\",\"ranking\":[{\"species\":{\"label\":\"%s\"}}]}".formatted(file, label);
                spec.commandLine().getOut().println(line);
            }
            return Chiffchaff.OK;
        }

        private String ask(String song) throws IOException {
            String[] address = server.split(":", -1);
            try (Socket call = new Socket(address[0], Integer.parseInt(address[1]))) {
                call.getOutputStream().write(song.getBytes(StandardCharsets.UTF_8));
                return reader(call).readLine();
            }
        }
    }

    private static BufferedReader reader(Socket call) throws IOException {
        return new BufferedReader(new InputStreamReader(call.getInputStream(), StandardCharsets.UTF_8));
    }
}
