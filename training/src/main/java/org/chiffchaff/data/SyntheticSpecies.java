package org.chiffchaff.data;

import java.util.List;
import java.util.function.Consumer;

/**
 * An invented species and its song, one phrase of about a second. No two songs have the same shape and place in
 * frequency.
 */
record SyntheticSpecies(String name, Consumer<Singer> phrase) {
    static final List<SyntheticSpecies> ALL = List.of(
            new SyntheticSpecies("Brook Triller", repeated(12, 0.035, bird -> bird.sweep(0.045, 5200, 4300))),
            new SyntheticSpecies("Ember Sinker", repeated(3, 0.12, bird -> bird.sweep(0.30, 6000, 2600))),
            new SyntheticSpecies("Flint Clicker", repeated(9, 0.11, bird -> bird.rasp(0.012, 3500, 3000))),
            new SyntheticSpecies("Lantern Whistler", bird -> bird.vibrato(1.1, 2100, 160, 7)),
            new SyntheticSpecies("Marsh Hooter", repeated(2, 0.25, bird -> bird.note(0.35, 420, 0.3))),
            new SyntheticSpecies(
                    "Quarry Crow", repeated(2, 0.20, bird -> bird.sweep(0.35, 760, 620, 1, 0.9, 0.8, 0.7, 0.5))),
            new SyntheticSpecies("Reed Buzzer", bird -> bird.vibrato(0.9, 4600, 900, 55)),
            new SyntheticSpecies("Slate Riser", repeated(3, 0.12, bird -> bird.sweep(0.30, 1500, 4200))),
            new SyntheticSpecies("Stair Piper", SyntheticSpecies::staircase),
            new SyntheticSpecies("Thorn Scold", repeated(3, 0.10, bird -> bird.rasp(0.22, 5200, 1200))),
            new SyntheticSpecies("Twobell Tit", repeated(4, 0.06, SyntheticSpecies::twoBells)),
            new SyntheticSpecies("Winter Glassbird", SyntheticSpecies::warble));

    private static Consumer<Singer> repeated(int times, double pause, Consumer<Singer> element) {
        return bird -> {
            for (int time = 0; time < times; time++) {
                element.accept(bird);
                bird.pause(pause);
            }
        };
    }

    private static void twoBells(Singer bird) {
        bird.note(0.13, 4100, 0.2);
        bird.pause(0.02);
        bird.note(0.13, 3000, 0.2);
    }

    private static void staircase(Singer bird) {
        for (double hertz : new double[] {3300, 2700, 2200, 1800, 1450}) {
            bird.note(0.20, hertz);
            bird.pause(0.03);
        }
    }

    private static void warble(Singer bird) {
        for (int turn = 0; turn < 4; turn++) {
            bird.sweep(0.11, 6800, 8600);
            bird.sweep(0.07, 8600, 7400);
            bird.sweep(0.09, 7400, 6800);
        }
    }
}
